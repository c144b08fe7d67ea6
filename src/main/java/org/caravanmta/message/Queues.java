package org.caravanmta.message;

/// The names of the queues between the stages that Caravan ships. Route files say which stage
/// consumes which queue. A name that ends in `.*` is a family: all queues whose names start with
/// what is before the `*`.
public final class Queues {
  /// Accepted mail that has not been routed yet (postfix `incoming`).
  public static final String ROUTING = "routing";

  /// {@link Notice}s, of which reports to senders and postmasters are made.
  public static final String REPORT = "report";

  /// Mail that a rule or the operator has set aside, until it is released (postfix `hold`).
  public static final String HOLD = "hold";

  /// Mail that a content filter has set aside, until the operator or its recipient has it released.
  public static final String QUARANTINE = "quarantine";

  /// The mail of the queue `quarantine` that the index of the quarantine has been told of.
  public static final String QUARANTINED = "quarantined";

  /// Messages on which a stage broke, or which it could not read, until the operator decides
  /// (postfix `corrupt`).
  public static final String DEAD = "dead";

  /// Mail that the operator returns before its time (postfix `postsuper -f`).
  public static final String FORCE_EXPIRED = "force-expired";

  /// Mail that the operator has go through rewriting and checks once more, as a new message
  /// (postfix `postsuper -r`).
  public static final String REQUEUE = "requeue";

  /// What a verb of the operator's is changing at this moment; what a process that has ended in the
  /// middle has left here goes back to where it was at the next start.
  public static final String OPERATOR = "operator";

  /// All deliveries: one queue for each transport.
  public static final String ANY_DELIVERY = "delivery.*";

  /// All routes of content filters after the queue: one queue for each.
  public static final String ANY_FILTER = "filter.*";

  /// All lanes: one queue for each waiting time.
  public static final String ANY_DEFERRED = "deferred.*";

  private static final String TAKEN_OVER = "taken-over.";
  private static final String DELIVERY = "delivery.";
  private static final String DEFERRED = "deferred.";
  private static final String WAITING = "waiting.";

  private Queues() {}

  /// The queue of the mail that a transport is to deliver (postfix `active`).
  public static String delivery(String transport) {
    return DELIVERY + transport;
  }

  /// Whether a name is that of a queue of content filters, `filter.NAME`.
  public static boolean isFilter(String name) {
    return name.startsWith("filter.") && name.length() > "filter.".length();
  }

  /// Whether a queue holds mail that content filters have set aside.
  public static boolean isQuarantine(String queue) {
    return queue.equals(QUARANTINE) || queue.equals(QUARANTINED);
  }

  /// Whether a queue is that of a transport.
  public static boolean isDelivery(String queue) {
    return queue.startsWith(DELIVERY);
  }

  /// The transport of a queue `delivery.NAME`.
  public static String transport(String delivery) {
    return delivery.substring(DELIVERY.length());
  }

  /// A line of the mail of a transport that waits for its turn at a destination, in a queue of its
  /// own so that it keeps no other waiting.
  ///
  /// @param number from 1
  public static String waiting(String transport, int number) {
    return WAITING + transport + "." + number;
  }

  /// Where a node of a cluster notes which messages of another it has taken over: no mail.
  public static String takenOver(String node) {
    return TAKEN_OVER + node;
  }

  /// Whether a queue is one of those.
  public static boolean isTakenOver(String queue) {
    return queue.startsWith(TAKEN_OVER);
  }

  /// Whether a queue is a line.
  public static boolean isWaiting(String queue) {
    return queue.startsWith(WAITING);
  }

  /// The transport of a queue `waiting.NAME.NUMBER`.
  public static String transportOfLine(String waiting) {
    return waiting.substring(WAITING.length(), waiting.lastIndexOf('.'));
  }

  /// The lane in which mail waits before it is tried again (postfix `deferred`).
  ///
  /// @param wait how long, as in the settings, `5m`
  public static String deferred(String wait) {
    return DEFERRED + wait;
  }

  /// Whether a queue is a lane.
  public static boolean isDeferred(String queue) {
    return queue.startsWith(DEFERRED);
  }

  /// Whether `name` is a family of queues.
  public static boolean isFamily(String name) {
    return name.endsWith(".*");
  }

  /// Whether `queue` is the queue `name`, or one of the family `name`.
  public static boolean covers(String name, String queue) {
    return isFamily(name) ? queue.startsWith(prefix(name)) : queue.equals(name);
  }

  private static String prefix(String family) {
    return family.substring(0, family.length() - 1);
  }
}
