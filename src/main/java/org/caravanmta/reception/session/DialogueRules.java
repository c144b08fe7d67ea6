package org.caravanmta.reception.session;

import org.caravanmta.smtp.Grammar;

/// How the server conducts a dialogue where RFC 5321 §7 leaves it to the operator.
///
/// @param greeting what the greeting says after its code
/// @param heloRequired whether MAIL waits for HELO or EHLO
/// @param delayReject whether what is decided against a client at its connection is said to each
///   recipient, or in place of the greeting
/// @param grammar how command lines are read
/// @param discards extensions that are not offered
/// @param footer the text after refusals
/// @param tolerance what a client may do that SMTP does not allow
public record DialogueRules(
    String greeting,
    boolean heloRequired,
    boolean delayReject,
    Grammar grammar,
    DiscardedExtensions discards,
    RejectFooter footer,
    Tolerance tolerance) {}
