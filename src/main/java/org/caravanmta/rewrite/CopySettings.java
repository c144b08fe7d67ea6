package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.table.TableName;

/// Who gets {@link AutomaticCopies}: keys of the section `rewriting`.
public record CopySettings(
    Optional<Address> alwaysBcc, List<TableName> senderBcc, List<TableName> recipientBcc) {}
