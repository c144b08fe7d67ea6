package org.caravanmta.reception.session;

import org.caravanmta.message.Client;

/// What the parts of one session share (RFC 5321 §3): its state, the way to the client, and the way
/// to the route.
///
/// @param reception what all sessions share
/// @param replies the texts of replies
/// @param writer sends replies
/// @param questions puts questions to the route
/// @param answers reads the route's answers to them
/// @param filters tells content filters of each step
record Dialogue(
    Reception reception,
    Carrier carrier,
    SessionState state,
    Replies replies,
    ReplyWriter writer,
    Questioning questions,
    Answers answers,
    EventQuestions filters) {
  /// The dialogue that begins with this client.
  static Dialogue with(Client client, Reception reception, Carrier carrier) {
    SessionTerms settings = reception.settings();
    var state = new SessionState(client, carrier.holding(), settings.rules().discards().all());
    var replies = new Replies(settings.hostname());
    var questions = new Questioning(carrier);
    state.add(questions);
    var answers = new Answers(reception.faults(), state);
    return new Dialogue(
        reception,
        carrier,
        state,
        replies,
        new ReplyWriter(reception, replies, state, carrier),
        questions,
        answers,
        new EventQuestions(reception, state, questions, answers));
  }

  SessionTerms settings() {
    return reception.settings();
  }
}
