package org.caravanmta.restriction.login;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `submission`: who may send as whom (RFC 6409 §6.1).
public record SenderLoginSettings(List<TableName> senderLoginMaps) {}
