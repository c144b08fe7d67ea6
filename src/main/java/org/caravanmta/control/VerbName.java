package org.caravanmta.control;

/// The verbs of the shipped server, by the names that the command line asks for them with: their
/// arguments, and the rows of their answers.
public final class VerbName {
  /// `QUEUE`, of which an empty one is any. A row for each message: `queue.admin.QueuedMessage`.
  /// What stands before it is passed over: the command of an older installation names a form there.
  public static final String QUEUE_LIST = "queue.list";

  /// `ID`. A row for each part of the message: `queue.admin.MessageDetail`.
  public static final String QUEUE_SHOW = "queue.show";

  /// `ID…`, of which one may be `ALL`. A row for each id, as of the next three:
  /// `queue.admin.VerbResult`.
  public static final String QUEUE_FLUSH = "queue.flush";

  /// `QUEUE ID…`, as of the next two.
  public static final String QUEUE_DELETE = "queue.delete";

  public static final String QUEUE_HOLD = "queue.hold";
  public static final String QUEUE_RELEASE = "queue.release";

  /// Without arguments. A row for each stage: {@link StageStatus}.
  public static final String STAGE_LIST = "stage.list";

  /// `STAGE`, as of the next. No rows.
  public static final String STAGE_STOP = "stage.stop";

  public static final String STAGE_START = "stage.start";

  /// Without arguments. One row, of one field: the exposition text of Prometheus.
  public static final String METRICS = "metrics";

  private VerbName() {}
}
