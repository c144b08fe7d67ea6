package org.caravanmta.stage;

import java.util.Map;

/// What a stage brings to the server: the decisions that its route names. A class `XStage` in the
/// package of each stage is made from the stage's own section of the settings, the {@link House},
/// and what it needs of other stages, where it can be as a function or an interface of a lower
/// package; the few stages that import another are in the table of `LayersTest`. It opens tables,
/// and touches nothing else on the disk or the network. Settings or tables that cannot be used are
/// an `IllegalArgumentException` that says why.
///
/// The root lists all stages (`Stages`), in the order in which one needs another.
public interface Stage extends AutoCloseable {
  /// Its beans by their names in routes.
  Map<String, Object> beans();

  /// Ends what it has begun.
  @Override
  default void close() {}
}
