package org.caravanmta.reception.session;

import org.caravanmta.message.Client;

/// What the parts of one session share (RFC 5321 §3): what is known, the way of replies to the
/// client, and the way of questions to the route.
///
/// @param reception what all sessions share
/// @param answers reads what the route says to `questions`
record Dialogue(
    Reception reception,
    Carrier carrier,
    SessionState state,
    Replies replies,
    ReplyWriter writer,
    Questioning questions,
    Answers answers) {
  static Dialogue with(Client client, Reception reception, Carrier carrier) {
    SessionTerms settings = reception.settings();
    var state = new SessionState(client, carrier.holding(), settings.rules().discards().all());
    var replies = new Replies(settings.hostname());
    var questions = new Questioning(carrier);
    state.has(questions);
    return new Dialogue(
        reception,
        carrier,
        state,
        replies,
        new ReplyWriter(reception, replies, state, carrier),
        questions,
        new Answers(reception.faults(), state));
  }

  SessionTerms settings() {
    return reception.settings();
  }
}
