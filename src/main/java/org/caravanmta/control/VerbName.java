package org.caravanmta.control;

/// The names of the server's verbs, with their arguments and the rows of their answers.
public final class VerbName {
  /// Before the name of a verb: on the node of a cluster that is asked, and on no other.
  public static final String HERE = "here.";

  /// Lists messages (postfix `postqueue -p`). Argument: a queue, a family, or an empty text for
  /// all; arguments before it are ignored, since older commands send one. A row for each message:
  /// `queue.admin.QueuedMessage`.
  public static final String QUEUE_LIST = "queue.list";

  /// Shows messages (postfix `postcat -q`). Argument: an id; or an empty text, and a selector. A
  /// row for each part of a message: `queue.admin.MessageDetail`.
  public static final String QUEUE_SHOW = "queue.show";

  /// Makes deferred mail due now (postfix `postqueue -f`, `-i`). Arguments: ids, or `ALL`. A row
  /// for each id: `queue.admin.VerbResult`.
  public static final String QUEUE_FLUSH = "queue.flush";

  /// Deletes messages (postfix `postsuper -d`). Arguments: a queue, a family, or an empty text for
  /// all; then ids, or `ALL`. A row for each id: `queue.admin.VerbResult`.
  public static final String QUEUE_DELETE = "queue.delete";

  /// Puts messages on hold (postfix `postsuper -h`). Arguments and rows as of {@link
  /// #QUEUE_DELETE}.
  public static final String QUEUE_HOLD = "queue.hold";

  /// Releases messages that are on hold or dead (postfix `postsuper -H`). Arguments and rows as of
  /// {@link #QUEUE_DELETE}.
  public static final String QUEUE_RELEASE = "queue.release";

  /// Lists the messages that a selector means. Argument: the selector. A row for each: {@code
  /// queue.admin.QueuedMessage}.
  public static final String QUEUE_FIND = "queue.find";

  /// Counts the messages that a selector means. Argument: the selector. A row for each queue that
  /// has some: `queue.admin.QueueCount`.
  public static final String QUEUE_COUNT = "queue.count";

  /// Passes on a message byte for byte (postfix `postcat -q`). Arguments: as {@code
  /// queue.admin.CatQuestion} writes them. Rows: `queue.admin.CatRow`.
  public static final String QUEUE_CAT = "queue.cat";

  /// Counts the messages that a selector means by domain and age (postfix `qshape`). Arguments: as
  /// `queue.admin.ShapeQuestion` writes them. A row for all, then one for each domain, those with
  /// most first: `queue.admin.ShapeRow`.
  public static final String QUEUE_SHAPE = "queue.shape";

  /// Does something to the messages that a selector means (postfix `postsuper`). Arguments: `hold`,
  /// `release`, `flush`, `delete`, `bounce`, `requeue` or `reroute`; for the last, a transport and
  /// a next hop, else an empty text; whether it is only told what would be done; the selector. A
  /// row for each message that is meant: `queue.admin.Touched`.
  public static final String QUEUE_CHANGE = "queue.change";

  /// Lists how each destination of the transports stands that are scheduled, and what holds it
  /// back; no arguments. A row for each, first what holds back most mail:
  /// `delivery.schedule.DestinationRow`.
  public static final String QUEUE_DESTINATIONS = "queue.destinations";

  /// Lists what is suspended; no arguments. A row for each: `suspension.Suspension`.
  public static final String SUSPENSION_LIST = "suspension.list";

  /// Suspends a destination or a transport (postfix `defer_transports`). Arguments: `transport`,
  /// `next-hop` or `domain`; its name, or a pattern; why, which may be empty; the user who says so.
  /// One row: `suspension.Suspension`.
  public static final String SUSPENSION_ADD = "suspension.add";

  /// Resumes it. Arguments: as of {@link #SUSPENSION_ADD}, without why. A row for each that is
  /// suspended no more: `suspension.Resumed`.
  public static final String SUSPENSION_REMOVE = "suspension.remove";

  /// Lists the attempts at delivery that are being made; no arguments. A row for each: {@code
  /// delivery.watch.AttemptRow}.
  public static final String QUEUE_CONNECTIONS = "queue.connections";

  /// Ends attempts at delivery. Arguments: the user who wants it, then their numbers. A row for
  /// each number: `queue.admin.VerbResult`.
  public static final String QUEUE_CUT = "queue.cut";

  /// Lists the nodes of the cluster; no arguments. A row for each: `cluster.node.NodeRow`.
  public static final String NODE_LIST = "node.list";

  /// Says in what the nodes have different settings, routes or tables; no arguments. A row for each
  /// setting or file that is not the same at all: its name, and which nodes have the same one, `n1,
  /// n2 | n3`. Of one node alone: for each setting or file, its name and a digest.
  public static final String NODE_SETTINGS = "node.settings";

  /// Has a node take no more mail, finish what it has begun, and leave the rest to the others.
  /// Arguments: its name, or an empty text for this one; the user who says so. One row: its name.
  public static final String NODE_DRAIN = "node.drain";

  /// Has a node take part again. Argument: as of {@link #NODE_DRAIN}. One row: its name.
  public static final String NODE_RESUME = "node.resume";

  /// Counts on a node no more that is away for good. Argument: its name. One row: that.
  public static final String NODE_FORGET = "node.forget";

  /// Lists what is in the quarantine. Argument: the selector. A row for each message or part:
  /// `quarantine.QuarantineRow`.
  public static final String QUARANTINE_LIST = "quarantine.list";

  /// Shows messages there. Argument: the selector. A row for each part: `quarantine.QuarantineRow`,
  /// then the header section.
  public static final String QUARANTINE_SHOW = "quarantine.show";

  /// Does something to the messages there that a selector means. Arguments: the user who wants it;
  /// `release` or `delete`; whether it is only told what would be done; the selector. A row for
  /// each message: `queue.admin.Touched`.
  public static final String QUARANTINE_CHANGE = "quarantine.change";

  /// Asks the filters again about the messages there that a selector means. Arguments: the user who
  /// wants it; the selector. A row for each message: `quarantine.Rescanned`.
  public static final String QUARANTINE_RESCAN = "quarantine.rescan";

  /// Blocks a sender. Arguments: the user who wants it; an address or a domain; for whom, an
  /// address or a domain, or an empty text for everybody. One row: `restriction.blocked.BlockRow`.
  public static final String QUARANTINE_BLOCK = "quarantine.block";

  /// Blocks it no more. Arguments and row as of {@link #QUARANTINE_BLOCK}.
  public static final String QUARANTINE_UNBLOCK = "quarantine.unblock";

  /// Lists the senders that are blocked; no arguments. A row for each: {@code
  /// restriction.blocked.BlockRow}.
  public static final String QUARANTINE_BLOCKED = "quarantine.blocked";

  /// Lists the stages; no arguments. A row for each stage: {@link StageStatus}.
  public static final String STAGE_LIST = "stage.list";

  /// Stops a stage, once it has finished what it has begun. Argument: its name. No rows.
  public static final String STAGE_STOP = "stage.stop";

  /// Starts a stage. Argument: its name. No rows.
  public static final String STAGE_START = "stage.start";

  /// Tells the server's metrics; no arguments. One row of one field: the text format of Prometheus.
  public static final String METRICS = "metrics";

  /// Tests whether answers of the DNS are validated (RFC 4033); no arguments. One row: `works`,
  /// `fails`, `unknown` or `off`, and a line for people.
  public static final String DNS_TEST = "dns.test";

  private VerbName() {}
}
