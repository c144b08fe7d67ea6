package org.caravanmta.check;

import java.util.List;
import org.caravanmta.table.TableName;

/// Rules for mail on its way out.
public record WireCheckSettings(
    List<TableName> header,
    List<TableName> mimeHeader,
    List<TableName> nestedHeader,
    List<TableName> body) {}
