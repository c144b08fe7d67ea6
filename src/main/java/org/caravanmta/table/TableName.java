package org.caravanmta.table;

import java.util.regex.Pattern;

/// The name of a lookup table as Postfix writes it, `TYPE:NAME` (postfix `DATABASE_README`):
/// `texthash:/etc/caravan/virtual`, `inline:{key=value}`, `static:value`. {@link Tables} knows the
/// types.
///
/// @param text the name as the operator wrote it
public record TableName(String text) {
  private static final Pattern FORM = Pattern.compile("(?s)[a-z][a-z0-9_-]*:.+");

  public TableName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not of the form TYPE:NAME");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
