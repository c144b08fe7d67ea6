package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.address.AddressClass;
import org.caravanmta.table.TableName;

/// What {@link Canonical} goes by, for senders, for recipients and for both: keys of the section
/// `rewriting`.
public record CanonicalSettings(
    List<TableName> senderCanonical,
    List<AddressClass> senderCanonicalClasses,
    List<TableName> recipientCanonical,
    List<AddressClass> recipientCanonicalClasses,
    List<TableName> canonical,
    List<AddressClass> canonicalClasses) {}
