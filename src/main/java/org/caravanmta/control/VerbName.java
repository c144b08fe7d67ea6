package org.caravanmta.control;

/// The verbs of the shipped server, by the names that the command line asks for them with.
public final class VerbName {
  /// `FORMAT QUEUE`, of which an empty queue is any.
  public static final String QUEUE_LIST = "queue.list";

  /// `ID`.
  public static final String QUEUE_SHOW = "queue.show";

  /// `ID…`, of which one may be `ALL`.
  public static final String QUEUE_FLUSH = "queue.flush";

  /// `QUEUE ID…`, as of the next two.
  public static final String QUEUE_DELETE = "queue.delete";

  public static final String QUEUE_HOLD = "queue.hold";
  public static final String QUEUE_RELEASE = "queue.release";

  /// Without arguments.
  public static final String STAGE_LIST = "stage.list";

  /// `STAGE`, as of the next.
  public static final String STAGE_STOP = "stage.stop";

  public static final String STAGE_START = "stage.start";

  /// Without arguments.
  public static final String METRICS = "metrics";

  private VerbName() {}
}
