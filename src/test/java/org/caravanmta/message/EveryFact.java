package org.caravanmta.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A client of which everything is known, and others that differ from it in one fact each. A fact
/// is a component of a part of {@link Client}; one that is added has to be given another value
/// here, and so is seen to reach whoever asks for all of them.
public final class EveryFact {
  public static final Client FULL =
      new Client(
          new ClientHost(
              InetAddress.ofLiteral("2001:db8::7"),
              40000,
              "client.example",
              new Reverse("rdns.example", Reverse.State.VERIFIED),
              false),
          new Greeting("helo.example", "ESMTPSA"),
          Optional.of(
              new ClientTls(
                  "TLSv1.3 TLS_AES_128_GCM_SHA256",
                  Optional.of(new ClientCertificate("D7:04", "2F:00", "An n+", "Some CA", true)))),
          Optional.of(new Login("ann", Optional.of("SCRAM-SHA-256"))),
          new Entrance(
              "submission",
              Optional.of(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::25"), 587))));

  private static final Map<String, Object> OTHER =
      Map.ofEntries(
          Map.entry("host.address", InetAddress.ofLiteral("192.0.2.7")),
          Map.entry("host.port", 40001),
          Map.entry("host.name", "other.example"),
          Map.entry("host.reverse", new Reverse("forged.example", Reverse.State.FORGED)),
          Map.entry("host.own", true),
          Map.entry("greeting.helo", "other.example"),
          Map.entry("greeting.protocol", "SMTP"),
          Map.entry("secured.agreed", "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
          Map.entry("secured.certificate", Optional.empty()),
          Map.entry("loggedIn.user", "bob"),
          Map.entry("loggedIn.method", Optional.of("PLAIN")),
          Map.entry("entrance.listener", "smtp"),
          Map.entry("entrance.server", Optional.empty()));

  private EveryFact() {}

  /// `host.address`, `host.port`, …
  public static Stream<String> names() {
    return Arrays.stream(Client.class.getRecordComponents())
        .flatMap(
            part ->
                Arrays.stream(record(part).getRecordComponents())
                    .map(fact -> part.getName() + "." + fact.getName()));
  }

  /// The full client, but for this fact.
  public static Client without(String fact) throws ReflectiveOperationException {
    return with(fact, OTHER.get(fact));
  }

  /// The full client, and this is the fact.
  public static Client with(String fact, Object value) throws ReflectiveOperationException {
    if (value == null) {
      throw new AssertionError("another value is needed for " + fact);
    }
    int dot = fact.indexOf('.');
    String part = fact.substring(0, dot);
    RecordComponent component =
        Arrays.stream(Client.class.getRecordComponents())
            .filter(one -> one.getName().equals(part))
            .findFirst()
            .orElseThrow();
    Object old = component.getAccessor().invoke(FULL);
    return old instanceof Optional<?> some
        ? changed(
            FULL, part, Optional.of(changed(some.orElseThrow(), fact.substring(dot + 1), value)))
        : changed(FULL, part, changed(old, fact.substring(dot + 1), value));
  }

  private static Class<?> record(RecordComponent part) {
    return part.getGenericType() instanceof ParameterizedType optional
        ? (Class<?>) optional.getActualTypeArguments()[0]
        : part.getType();
  }

  private static <T> T changed(T whole, String component, Object value)
      throws ReflectiveOperationException {
    RecordComponent[] components = whole.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          components[i].getName().equals(component)
              ? value
              : components[i].getAccessor().invoke(whole);
    }
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) whole.getClass();
    return type.getDeclaredConstructor(types).newInstance(values);
  }
}
