package org.caravanmta.reception.session;

import org.caravanmta.smtp.Grammar;

/// How the server conducts a dialogue where RFC 5321 §7 leaves it to the operator: what has to be
/// made of settings before a session can go by it.
///
/// @param greeting what the greeting says after its code
/// @param grammar how command lines are read
/// @param discards extensions that are not offered
/// @param footer the text after refusals
/// @param tolerance what a client may do that SMTP does not allow
public record DialogueRules(
    String greeting,
    Grammar grammar,
    DiscardedExtensions discards,
    RejectFooter footer,
    Tolerance tolerance) {}
