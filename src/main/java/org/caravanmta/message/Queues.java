package org.caravanmta.message;

/// The names of the queues between the shipped stages. Route files say which stage takes which; a
/// name ending in `.*` is a family, all queues whose names start with what is before the `*`.
public final class Queues {
  /// Accepted mail whose way is to be decided.
  public static final String ROUTING = "routing";

  /// What senders and postmasters are to be told: notices.
  public static final String REPORT = "report";

  /// Mail that a rule or the operator has set aside, until it is released (postfix `hold`).
  public static final String HOLD = "hold";

  /// What a stage broke on, or could not read, until the operator decides (postfix `corrupt`).
  public static final String DEAD = "dead";

  /// All deliveries: one queue for each transport.
  public static final String ANY_DELIVERY = "delivery.*";

  /// All lanes: one queue for each length of wait.
  public static final String ANY_DEFERRED = "deferred.*";

  private static final String DELIVERY = "delivery.";
  private static final String DEFERRED = "deferred.";

  private Queues() {}

  /// Mail on its way by a transport (postfix `active`).
  public static String delivery(String transport) {
    return DELIVERY + transport;
  }

  public static boolean isDelivery(String queue) {
    return queue.startsWith(DELIVERY);
  }

  /// The transport whose queue this is.
  ///
  /// @param delivery a queue of deliveries
  public static String transport(String delivery) {
    return delivery.substring(DELIVERY.length());
  }

  /// The lane in which mail waits so long before it is tried again (postfix `deferred`).
  ///
  /// @param wait as in the settings, `5m`
  public static String deferred(String wait) {
    return DEFERRED + wait;
  }

  public static boolean isDeferred(String queue) {
    return queue.startsWith(DEFERRED);
  }

  /// Whether `name` stands for several queues.
  public static boolean isFamily(String name) {
    return name.endsWith(".*");
  }

  /// Whether a route step that names `name` takes what goes to `queue`.
  public static boolean covers(String name, String queue) {
    return isFamily(name) ? queue.startsWith(prefix(name)) : queue.equals(name);
  }

  private static String prefix(String family) {
    return family.substring(0, family.length() - 1);
  }
}
