package org.caravanmta.domain;

import java.util.List;
import org.caravanmta.table.DomainPattern;

/// The section `domains`: which domains are ours, and how (postfix `ADDRESS_CLASS_README`).
public record DomainSettings(
    List<DomainPattern> own,
    List<DomainPattern> virtual,
    List<DomainPattern> virtualMailboxes,
    List<DomainPattern> relay) {}
