package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The certificate authority of one trust domain: ECDSA P-256, keys in memory only. Safe for use by
 * many threads.
 *
 * <p>A change of authority takes two steps, so that no call fails meanwhile: {@link #prepare} puts
 * the next authority into the bundle, and once every peer has had time to hear of it {@link
 * #activate} begins to sign with it. The old one stays in the bundle until it is {@linkplain #drop
 * dropped} or expires.
 */
public final class LocalAuthority {
  /**
   * How long an SVID lives unless said otherwise: short, so that rotation happens in plain view.
   */
  public static final Duration DEFAULT_SVID_LIFETIME = Duration.ofSeconds(60);

  private static final Duration ROOT_LIFETIME = Duration.ofDays(7);

  private final TrustDomain trustDomain;
  private final Duration svidLifetime;
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private List<SigningRoot> roots;
  private SigningRoot active;

  public LocalAuthority(TrustDomain trustDomain) {
    this(trustDomain, DEFAULT_SVID_LIFETIME, Clock.systemUTC());
  }

  public LocalAuthority(TrustDomain trustDomain, Duration svidLifetime) {
    this(trustDomain, svidLifetime, Clock.systemUTC());
  }

  public LocalAuthority(TrustDomain trustDomain, Duration svidLifetime, Clock clock) {
    this.trustDomain = trustDomain;
    this.svidLifetime = svidLifetime;
    this.clock = clock;
    active = SigningRoot.create(trustDomain, clock.instant(), ROOT_LIFETIME);
    roots = List.of(active);
  }

  public TrustDomain trustDomain() {
    return trustDomain;
  }

  public Duration svidLifetime() {
    return svidLifetime;
  }

  /**
   * Issues an SVID with the usual lifetime, for the DNS names {@code localhost} and the ID's last
   * path segment besides: stock TLS clients look at nothing else.
   *
   * @throws IllegalArgumentException when the ID is of another trust domain
   */
  public IssuedSvid issue(SpiffeId spiffeId) {
    return issue(spiffeId, svidLifetime);
  }

  /** Issues an SVID that lives for {@code lifetime}. */
  public IssuedSvid issue(SpiffeId spiffeId, Duration lifetime) {
    if (!spiffeId.trustDomain().equals(trustDomain)) {
      throw new IllegalArgumentException(
          "the authority of " + trustDomain + " issues no SVID for " + spiffeId);
    }
    SigningRoot signer;
    synchronized (lock) {
      signer = active;
    }
    return signer.issue(spiffeId, dnsNames(spiffeId), clock.instant(), lifetime);
  }

  /** The authorities that SVIDs of this trust domain may be signed by, oldest first. */
  public List<X509Certificate> bundle() {
    synchronized (lock) {
      return roots.stream().map(SigningRoot::certificate).toList();
    }
  }

  /** Adds a new authority to the bundle; nothing is signed with it yet. */
  public void prepare() {
    SigningRoot next = SigningRoot.create(trustDomain, clock.instant(), ROOT_LIFETIME);
    synchronized (lock) {
      List<SigningRoot> more = new ArrayList<>(roots);
      more.add(next);
      roots = List.copyOf(more);
    }
    tell();
  }

  /** Signs with the newest authority from now on. */
  public void activate() {
    synchronized (lock) {
      active = roots.getLast();
    }
    tell();
  }

  /** Prepares and activates in one go. */
  public void rotate() {
    prepare();
    activate();
  }

  /**
   * Takes every authority but the active one out of the bundle: what they signed is trusted no
   * more.
   */
  public void drop() {
    synchronized (lock) {
      roots = List.of(active);
    }
    tell();
  }

  /**
   * Keeps the authority young: prepares the next one at half of the active one's life, activates it
   * a minute later, forgets expired ones. One that begins in the future, because the machine's
   * clock was set back, is replaced at once. To be called now and then.
   */
  void maintain() {
    Instant now = now();
    boolean prepare = false;
    boolean activate = false;
    synchronized (lock) {
      SigningRoot newest = roots.getLast();
      if (age(active, now).isNegative()) {
        prepare = true;
        activate = true;
      } else if (newest == active) {
        prepare = age(active, now).compareTo(ROOT_LIFETIME.dividedBy(2)) > 0;
      } else {
        activate = age(newest, now).compareTo(Duration.ofMinutes(1)) > 0;
      }
      roots =
          roots.stream()
              .filter(
                  root ->
                      root == active || root.certificate().getNotAfter().toInstant().isAfter(now))
              .toList();
    }
    if (prepare) {
      prepare();
    }
    if (activate) {
      activate();
    }
  }

  /** The time that everything here is told by. */
  Instant now() {
    return clock.instant();
  }

  /** Calls {@code listener} after each change of the bundle or of the active authority. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  private static Duration age(SigningRoot root, Instant now) {
    return Duration.between(root.certificate().getNotBefore().toInstant(), now);
  }

  private static List<String> dnsNames(SpiffeId spiffeId) {
    String path = spiffeId.path();
    String name = path.substring(path.lastIndexOf('/') + 1);
    // Not every path segment is a DNS label (RFC 1123 section 2.1).
    return name.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
        ? List.of("localhost", name)
        : List.of("localhost");
  }
}
