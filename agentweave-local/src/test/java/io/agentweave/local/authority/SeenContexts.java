package io.agentweave.local.authority;

import io.spiffe.workloadapi.Watcher;
import io.spiffe.workloadapi.X509Context;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a watcher of the Workload API was told, in order. */
final class SeenContexts implements Watcher<X509Context> {
  private final List<X509Context> contexts = new CopyOnWriteArrayList<>();

  @Override
  public void onUpdate(X509Context update) {
    contexts.add(update);
  }

  @Override
  public void onError(Throwable error) {}

  int size() {
    return contexts.size();
  }

  /** The certificate of the latest SVID. */
  X509Certificate leaf() {
    return contexts.getLast().getDefaultSvid().getLeaf();
  }

  int bundleSize() {
    return contexts.isEmpty()
        ? 0
        : contexts.getLast().getX509BundleSet().getBundles().values().stream()
            .mapToInt(bundle -> bundle.getX509Authorities().size())
            .sum();
  }

  int bundleCount() {
    return contexts.isEmpty() ? 0 : contexts.getLast().getX509BundleSet().getBundles().size();
  }
}
