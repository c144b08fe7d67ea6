package org.caravanmta.reception.session;

import java.util.Set;
import org.caravanmta.event.Trouble;
import org.caravanmta.smtp.Grammar;

/// The rules of a dialogue that RFC 5321 §7 leaves to the operator, made from the settings once for
/// all sessions.
///
/// @param greeting the text of the greeting, after its code
/// @param grammar how command lines are parsed
/// @param discards the extensions that are not offered
/// @param footer the text after each refusal
/// @param tolerance what a client may do though SMTP does not allow it
/// @param told the trouble of whose sessions the postmaster gets a transcript
public record DialogueRules(
    String greeting,
    Grammar grammar,
    DiscardedExtensions discards,
    RejectFooter footer,
    Tolerance tolerance,
    Set<Trouble> told) {}
