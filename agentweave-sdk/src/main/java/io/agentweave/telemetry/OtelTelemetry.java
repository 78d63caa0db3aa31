package io.agentweave.telemetry;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Spans of the OpenTelemetry SDK and meters of Micrometer. */
final class OtelTelemetry implements Telemetry {
  private static final int MOST_OUTBOUND_NAMES = 200;
  private static final String OTHER = "other";
  private static final String OTHER_OUTBOUND = nameOfOutbound(OTHER);

  private final String service;
  private final String otherInbound;
  private final Map<String, String> inboundNames = new HashMap<>();
  private final Map<String, String> outboundNames = new ConcurrentHashMap<>();
  private final Meters meters;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OtelTelemetry(TelemetrySettings settings, Supplier<SpanExporter> exporters) {
    this.service = settings.service();
    this.otherInbound = inboundName(OTHER);
    settings.actions().forEach(action -> inboundNames.put(action, inboundName(action)));
    this.meters = new Meters(this::known);
    this.provider = provider(settings, exporters);
    this.tracer = provider.get("io.agentweave");
  }

  static Telemetry start(TelemetrySettings settings, Supplier<SpanExporter> exporters) {
    return new OtelTelemetry(settings, exporters);
  }

  private SdkTracerProvider provider(TelemetrySettings settings, Supplier<SpanExporter> exporters) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", settings.service())
            .put("deployment.environment.name", settings.environment());
    settings.spiffeId().ifPresent(id -> attributes.put("spiffe.id", id.toString()));
    SdkTracerProviderBuilder builder =
        SdkTracerProvider.builder()
            .setResource(Resource.create(attributes.build()))
            .setSpanLimits(
                SpanLimits.builder()
                    .setMaxNumberOfAttributes(64)
                    .setMaxAttributeValueLength(1024)
                    .build());
    if (!settings.tracing().enabled()) {
      // Without any processor the SDK would not even make ids, which audit and logs need.
      return builder.setSampler(Sampler.alwaysOff()).addSpanProcessor(new Nobody()).build();
    }
    return builder
        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.tracing().sampleRate())))
        .addSpanProcessor(
            new SpanQueue(
                exporters,
                (cause, number) ->
                    meters.count(AgentMeter.SPANS_DROPPED, (double) number, null, cause)))
        .build();
  }

  @Override
  public ActiveSpan span(SpanName name) {
    SpanContext above = Span.current().getSpanContext();
    return above.isValid() && !above.isSampled()
        ? new UnsampledSpan(OtelSpan.context(above))
        : new OtelSpan(tracer.spanBuilder(name.spanName()).startSpan());
  }

  @Override
  public ActiveSpan span(SpanName name, @Nullable TraceContext parent) {
    return new OtelSpan(under(parent, tracer.spanBuilder(name.spanName())).startSpan());
  }

  @Override
  public ActiveSpan callSpan(
      Direction direction, String capability, @Nullable TraceContext parent) {
    return switch (direction) {
      case INBOUND -> {
        String name = inboundNames.getOrDefault(capability, otherInbound);
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(SpanKind.SERVER);
        yield new OtelSpan(under(parent, builder).startSpan());
      }
      case OUTBOUND -> {
        SpanBuilder builder =
            tracer.spanBuilder(outboundName(capability)).setSpanKind(SpanKind.CLIENT);
        yield new OtelSpan((parent == null ? builder : under(parent, builder)).startSpan());
      }
    };
  }

  private String inboundName(String capability) {
    return AgentSpan.INBOUND_CALL
        .spanName()
        .replace("{agent}", service)
        .replace("{capability}", capability);
  }

  private static SpanBuilder under(@Nullable TraceContext parent, SpanBuilder builder) {
    if (parent == null) {
      return builder.setNoParent();
    }
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.spanId(),
            parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
            TraceStateHeader.state(parent.state()));
    return builder.setParent(Context.root().with(Span.wrap(remote)));
  }

  /** Outbound names come from our own code; a bound all the same, for code that computes them. */
  private String outboundName(String capability) {
    String known = outboundNames.get(capability);
    if (known != null) {
      return known;
    }
    return outboundNames.size() < MOST_OUTBOUND_NAMES
        ? outboundNames.computeIfAbsent(capability, OtelTelemetry::nameOfOutbound)
        : OTHER_OUTBOUND;
  }

  private static String nameOfOutbound(String capability) {
    return AgentSpan.OUTBOUND_CALL.spanName().replace("{capability}", capability);
  }

  private String known(String capability) {
    return inboundNames.containsKey(capability)
            || outboundNames.containsKey(capability)
            || capability.equals("all")
        ? capability
        : OTHER;
  }

  @Override
  public @Nullable TraceContext currentTrace() {
    SpanContext current = Span.current().getSpanContext();
    return current.isValid() ? OtelSpan.context(current) : null;
  }

  @Override
  public void count(
      MeterName name, double amount, @Nullable CallExemplar exemplar, String... labelValues) {
    meters.count(name, amount, exemplar, labelValues);
  }

  @Override
  public void time(
      MeterName name, Duration duration, @Nullable CallExemplar exemplar, String... labelValues) {
    meters.time(name, duration, exemplar, labelValues);
  }

  @Override
  public void gauge(MeterName name, DoubleSupplier value, String... labelValues) {
    meters.gauge(name, value, labelValues);
  }

  @Override
  public Scrape scrape(String accept) {
    return meters.scrape(accept);
  }

  @Override
  public void close() {
    provider.shutdown().join(5, TimeUnit.SECONDS);
    meters.close();
  }

  /** Takes no spans. */
  private static final class Nobody implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }
}
