package org.caravanmta.stage;

import java.util.Map;

/// A stage of the mail flow: it makes the beans that its routes name. A class `XStage` in the
/// package of each stage is made from the stage's own section of the settings, the {@link House},
/// and what it needs of other stages, if possible as a function or an interface of a lower package;
/// the few stages that import another are in the table of `LayersTest`. Making a stage opens its
/// tables, and touches nothing else on the disk or the network. Settings or tables that cannot be
/// used are an `IllegalArgumentException` that says why.
///
/// `Stages` of the root package lists all stages, each after those that it needs.
public interface Stage extends AutoCloseable {
  /// The beans of the stage by their names in routes.
  Map<String, Object> beans();

  /// Begins what the stage does by itself, when the server has started. A stage that is only
  /// checked is made and closed without it.
  default void begin() {}

  /// Ends what the stage has begun.
  @Override
  default void close() {}
}
