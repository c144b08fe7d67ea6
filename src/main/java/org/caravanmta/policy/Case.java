package org.caravanmta.policy;

import java.util.List;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Reply;

/// A question on its way along a route: may this client connect, this recipient have mail, this
/// message be taken? With the verdict so far. Reception asks all of them; for posted mail
/// `submission` asks the last. Route steps take a case and return it decided or as it was; they ask
/// {@link #open} first.
public sealed interface Case {
  Client client();

  Verdict verdict();

  Case decided(Verdict verdict);

  /// The step of the dialogue: `connect`, `helo`, `sender`, `recipient`, `data` or `message`; the
  /// header `stage` of the route.
  String stage();

  /// Whether no restriction has decided it yet.
  default boolean open() {
    return verdict() instanceof Verdict.Undecided;
  }

  /// What a step for messages makes of it; a question that is asked earlier it leaves as it is.
  default Case ifMessage(Function<Message, Case> step) {
    return switch (this) {
      case Message message -> step.apply(message);
      case Connection _, Rcpt _, Data _ -> this;
    };
  }

  /// What a step for recipients makes of it; any other question it leaves as it is.
  default Case ifRecipient(Function<Rcpt, Case> step) {
    return switch (this) {
      case Rcpt rcpt -> step.apply(rcpt);
      case Connection _, Data _, Message _ -> this;
    };
  }

  /// A case that goes along the restriction lists.
  sealed interface Listed extends Case {
    Passage passage();

    Listed with(Passage changed);

    @Override
    Listed decided(Verdict changed);

    /// The recipients accepted so far.
    int accepted();

    /// Whether the list that is being asked has still something to say.
    default boolean asking() {
      return verdict() instanceof Verdict.Undecided && !passage().permitted();
    }

    /// The verdict, with the effect of what was noted for the case that it is permitted: a
    /// deferral, or that the message is to be held.
    default Verdict outcome() {
      return switch (verdict()) {
        case Verdict.Undecided(), Verdict.Permit() -> passage().inEffect().orElse(verdict());
        case Verdict.Hold(_) ->
            passage().deferIfPermit().<Verdict>map(Verdict.Defer::new).orElse(verdict());
        case Verdict.Discard(_), Verdict.Defer(_), Verdict.Reject(_) -> verdict();
      };
    }
  }

  /// May this client talk to us? Asked when it has connected, answered by the time of the first
  /// RCPT TO; and, where refusals are not delayed until then (postfix `smtpd_delay_reject`), at its
  /// HELO and its MAIL.
  ///
  /// @param command that it is asked at: `CONNECT`, `HELO`, `EHLO` or `MAIL`
  /// @param sender of MAIL; before it the null one
  record Connection(
      Client client, Verdict verdict, Passage passage, String command, ReversePath sender)
      implements Listed {
    public Connection(Client client, Verdict verdict) {
      this(client, verdict, Passage.START, "CONNECT", ReversePath.NULL);
    }

    /// The list that is asked at this command.
    public RestrictionList list() {
      return switch (command) {
        case "HELO", "EHLO" -> RestrictionList.HELO;
        case "MAIL" -> RestrictionList.SENDER;
        default -> RestrictionList.CLIENT;
      };
    }

    /// A deferral in case nothing rejects it is for the recipients to come.
    @Override
    public Verdict outcome() {
      return switch (verdict) {
        case Verdict.Undecided(), Verdict.Permit() -> passage.held().orElse(verdict);
        case Verdict.Hold(_), Verdict.Discard(_), Verdict.Defer(_), Verdict.Reject(_) -> verdict;
      };
    }

    @Override
    public Connection decided(Verdict changed) {
      return new Connection(client, changed, passage, command, sender);
    }

    @Override
    public Connection with(Passage changed) {
      return new Connection(client, verdict, changed, command, sender);
    }

    /// The same about a client that is better known by now.
    public Connection of(Client changed) {
      return new Connection(changed, verdict, passage, command, sender);
    }

    @Override
    public boolean open() {
      return asking();
    }

    @Override
    public int accepted() {
      return 0;
    }

    @Override
    public String stage() {
      return switch (list()) {
        case HELO -> "helo";
        case SENDER -> "sender";
        case NONE, CLIENT, RELAY, RECIPIENT, DATA, END_OF_DATA -> "connect";
      };
    }
  }

  /// May this recipient have mail from this client and sender?
  ///
  /// @param vouched whether the relay list has said that mail for this recipient may be accepted;
  ///   without it the answer is `554 5.7.1 Relay access denied` even if nothing is against it, so
  ///   that a route without a relay step is not an open relay
  /// @param accepted how many recipients have been accepted before it in this transaction; they are
  ///   not named, or the questions about a long envelope would grow with its square
  record Rcpt(
      Client client,
      ReversePath sender,
      Address recipient,
      int accepted,
      boolean vouched,
      Verdict verdict,
      Passage passage)
      implements Listed {
    public Rcpt(
        Client client,
        ReversePath sender,
        Address recipient,
        int accepted,
        boolean vouched,
        Verdict verdict) {
      this(client, sender, recipient, accepted, vouched, verdict, Passage.START);
    }

    @Override
    public Rcpt decided(Verdict changed) {
      return new Rcpt(client, sender, recipient, accepted, vouched, changed, passage);
    }

    @Override
    public Rcpt with(Passage changed) {
      return new Rcpt(client, sender, recipient, accepted, vouched, verdict, changed);
    }

    /// With the relay list's consent.
    public Rcpt vouchedFor() {
      return new Rcpt(client, sender, recipient, accepted, true, verdict, passage);
    }

    /// Whether nothing has been decided, permitted, or held against it for later.
    @Override
    public boolean open() {
      return asking() && passage.deferIfPermit().isEmpty();
    }

    @Override
    public String stage() {
      return "recipient";
    }
  }

  /// May the data come? Asked at DATA, if the route has restrictions for it.
  ///
  /// @param recipients those accepted
  record Data(
      Client client, ReversePath sender, List<Address> recipients, Verdict verdict, Passage passage)
      implements Listed {
    @Override
    public Data decided(Verdict changed) {
      return new Data(client, sender, recipients, changed, passage);
    }

    @Override
    public Data with(Passage changed) {
      return new Data(client, sender, recipients, verdict, changed);
    }

    @Override
    public int accepted() {
      return recipients.size();
    }

    @Override
    public String stage() {
      return "data";
    }
  }

  /// Is this message acceptable? It has been received whole; stages may return it changed. A route
  /// step that names a durable queue puts the mail there as the verdict has it: on `hold` if it is
  /// to be held, else on any other queue if nothing is against it.
  ///
  /// @param kept whether a queue has it on stable storage; without that an acceptable message is
  ///   answered 451, so that a route that forgets the queue loses nothing
  record Message(Mail mail, Verdict verdict, boolean kept, Passage passage)
      implements Listed, Handover {
    public Message(Mail mail) {
      this(mail, Verdict.UNDECIDED, false);
    }

    public Message(Mail mail, Verdict verdict, boolean kept) {
      this(mail, verdict, kept, Passage.START);
    }

    @Override
    public List<Task> tasks(String name) {
      boolean takes =
          switch (outcome()) {
            case Verdict.Undecided(), Verdict.Permit() -> !name.equals(Queues.HOLD);
            case Verdict.Hold(_) -> name.equals(Queues.HOLD);
            case Verdict.Defer(_), Verdict.Reject(_), Verdict.Discard(_) -> false;
          };
      return takes
          ? Portions.of(mail).stream().map(part -> new Task(name, part)).toList()
          : List.of();
    }

    /// This message, or, when rewriting has given it more recipients than can be queued with it,
    /// its deferral: `452 4.5.3 Too many recipients` (RFC 5321 §4.5.3.1.10).
    public Message orTooMany() {
      return Portions.canBeQueued(mail)
          ? this
          : decided(new Verdict.Defer(Reply.of(452, "4.5.3", "Too many recipients")));
    }

    @Override
    public Message kept(String name) {
      return new Message(mail, verdict, true, passage);
    }

    @Override
    public Client client() {
      return mail.envelope().client();
    }

    @Override
    public Message decided(Verdict changed) {
      return new Message(mail, changed, kept, passage);
    }

    public Message with(Mail changed) {
      return new Message(changed, verdict, kept, passage);
    }

    @Override
    public Message with(Passage changed) {
      return new Message(mail, verdict, kept, changed);
    }

    @Override
    public int accepted() {
      return mail.recipients().size();
    }

    @Override
    public String stage() {
      return "message";
    }
  }
}
