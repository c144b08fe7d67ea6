package org.caravanmta.domain;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `recipients`: who exists in our domains (RFC 5321 §3.6).
///
/// @param nameTable whether replies say in which table somebody is not (postfix
///   `show_user_unknown_table_name`)
public record RecipientSettings(
    List<TableName> own, List<TableName> virtual, List<TableName> relay, boolean nameTable) {}
