package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `rewriting.lmtp`: what is otherwise for mail that leaves by LMTP.
public record LmtpSettings(List<TableName> generic) {}
