package org.caravanmta.config;

import java.util.List;

/// The section `rewriting.lmtp`: what is otherwise for mail that leaves by LMTP.
public record LmtpSettings(List<TableName> generic) {}
