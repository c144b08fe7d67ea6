package org.caravanmta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.stage.Stage;

/// The stages that were made, in their order, and their beans by the names in routes.
final class StageBeans implements AutoCloseable {
  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, Object> beans = new LinkedHashMap<>();

  /// Takes in a stage with its beans.
  <S extends Stage> S add(S stage) {
    stages.add(stage);
    stage.beans().forEach(this::add);
    return stage;
  }

  /// Takes in a bean that is of no stage.
  void add(String name, Object bean) {
    if (beans.put(name, bean) != null) {
      throw new IllegalStateException("two stages have a bean " + name);
    }
  }

  Map<String, Object> all() {
    return Map.copyOf(beans);
  }

  /// See {@link Stage#begin}.
  void begin() {
    stages.forEach(Stage::begin);
  }

  /// The last first.
  @Override
  public void close() {
    stages.reversed().forEach(Stage::close);
  }
}
