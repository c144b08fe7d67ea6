package org.caravanmta.table;

import java.util.List;
import java.util.stream.Stream;

/// Names of tables, of the texts that tests have.
public final class TableNames {
  private TableNames() {}

  public static List<TableName> of(String... names) {
    return Stream.of(names).map(TableName::new).toList();
  }

  public static List<TableName> of(List<String> names) {
    return names.stream().map(TableName::new).toList();
  }
}
