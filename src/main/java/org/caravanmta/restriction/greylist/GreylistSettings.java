package org.caravanmta.restriction.greylist;

import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.table.TableName;

/// The section `greylist`: who is deferred once, and how long.
public record GreylistSettings(
    @Flat Greylisting greylisting,
    List<TableName> exemptClients,
    List<TableName> exemptSenders,
    List<TableName> exemptRecipients) {}
