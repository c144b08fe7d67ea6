package org.caravanmta.filter.milter;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// One mail session as one milter sees it: events are told in the order of the session, and each is
/// answered. For one thread at a time; every method may wait for the milter.
///
/// What the milter says at `CONNECT` and `HELO` stands for all that follows. When it fails, nothing
/// more is asked about the message under way, and the next message gets a connection of its own, on
/// which `CONNECT` and `HELO` are told again: one failure does not cost a long session its filter.
public final class MilterSession implements Closeable {
  /// How far the session has come with the milter.
  private enum Phase {
    /// Not connected.
    NEW,
    /// Between messages.
    READY,
    /// In a message.
    MESSAGE,
    /// The milter wants no more of this message.
    DONE,
    /// The milter wants no more of this session, or has refused it.
    OVER,
    /// The milter has failed in this message.
    FAILED
  }

  private final FilterAddress address;
  private final MilterLink link;
  private final MacroNames names;
  private final Set<MilterEvent> skipped = EnumSet.noneOf(MilterEvent.class);
  private Phase phase = Phase.NEW;
  // what stands for all that follows, once the session or the message is over for the milter
  private Judgement standing = Judgement.PASS;
  private @Nullable Told client;
  private @Nullable Told hello;

  /// An event that is told again on another connection.
  private record Told(byte[] data, Function<String, Optional<String>> macros) {}

  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public MilterSession(
      FilterAddress address, FilterPatience patience, MacroNames names, LongSupplier ticks) {
    this.address = address;
    this.link = new MilterLink(address, patience, ticks);
    this.names = names;
  }

  /// A client has connected, or another has been put in its place (postfix `XCLIENT_README`), with
  /// which the session begins anew.
  ///
  /// @param macros values by names, as far as there are any
  public Judgement connect(MilterClient from, Function<String, Optional<String>> macros) {
    quit();
    hello = null;
    client = new Told(from.data(), macros);
    return open();
  }

  /// The client has said HELO or EHLO, which also ends a message.
  public Judgement helo(String name, Function<String, Optional<String>> macros) {
    boolean again = hello != null;
    hello = new Told(MilterConnection.text(name), macros);
    Judgement judgement = tell(MilterEvent.HELO, hello.data(), macros);
    abort();
    if (again && phase == Phase.READY) {
      // Postfix ends what was before a second HELO whether there was anything or not
      phase = Phase.MESSAGE;
      abort();
    }
    return judgement;
  }

  /// A message begins.
  ///
  /// @param path `<sender@example.org>`
  /// @param parameters as the client has given them
  public Judgement mail(
      String path, List<String> parameters, Function<String, Optional<String>> macros) {
    abort();
    if (phase == Phase.FAILED) {
      phase = Phase.NEW;
      Judgement again = open();
      if (!(again instanceof Judgement.Pass)) {
        return again;
      }
    }
    if (phase == Phase.READY) {
      phase = Phase.MESSAGE;
    }
    Judgement judgement = tell(MilterEvent.MAIL, EventData.of(path, parameters), macros);
    if (judgement instanceof Judgement.Refuse) {
      abort();
    }
    return judgement;
  }

  /// A recipient.
  ///
  /// @param path `<recipient@example.org>`
  /// @param parameters as the client has given them
  public Judgement rcpt(
      String path, List<String> parameters, Function<String, Optional<String>> macros) {
    return tell(MilterEvent.RCPT, EventData.of(path, parameters), macros);
  }

  /// A recipient that the server has refused already, for milters that want to know.
  public void refused(
      String path, List<String> parameters, Function<String, Optional<String>> macros) {
    if (link.has(Waiver.REFUSED_RECIPIENTS)) {
      var _ = rcpt(path, parameters, macros);
    }
  }

  /// The client wants to send the content.
  public Judgement data(Function<String, Optional<String>> macros) {
    return tell(MilterEvent.DATA, new byte[0], macros);
  }

  /// The client has said something that is not a command.
  public Judgement unknown(String line, Function<String, Optional<String>> macros) {
    return tell(MilterEvent.UNKNOWN, MilterConnection.text(line), macros);
  }

  /// Whether the milter wants to be told of an event from now on; one that has not been asked yet
  /// wants them all.
  public boolean wants(MilterEvent event) {
    return phase != Phase.OVER && link.wants(event);
  }

  /// Whether the milter wants to be told of recipients that the server has refused.
  public boolean wantsRefused() {
    return phase != Phase.OVER && link.has(Waiver.REFUSED_RECIPIENTS);
  }

  /// Whether values of header fields begin with the white space after the colon, for this milter.
  boolean spaces() {
    return link.has(Waiver.LEADING_SPACE);
  }

  /// The whole message, of which the milter has been told sender and recipients.
  ///
  /// @param headers without what the milter is not to see
  /// @param body read to its end, unless the milter does not want it; not closed
  /// @param changes gets what the milter changes; it counts only if the message passes
  public Judgement message(
      List<Headers.Field> headers,
      InputStream body,
      Function<String, Optional<String>> macros,
      MilterConnection.ChangeTaker changes) {
    if (phase == Phase.NEW || phase == Phase.READY) {
      // it would make nothing of the content, and the message would pass unseen
      return new Judgement.NoAnswer(
          address + ": has not been told who sends the message", Judgement.NoAnswer.Cause.MESSAGE);
    }
    Judgement judgement = content(headers, body, macros);
    if (judgement instanceof Judgement.Pass) {
      judgement = end(macros, changes);
    }
    // as Postfix does after each message: what a filter keeps for one is given up, however it ended
    abort();
    return judgement;
  }

  private Judgement content(
      List<Headers.Field> headers, InputStream body, Function<String, Optional<String>> macros) {
    boolean spaces = spaces();
    for (Headers.Field field : headers) {
      Judgement judgement = tell(MilterEvent.HEADER, EventData.of(field, spaces), macros);
      if (!(judgement instanceof Judgement.Pass)) {
        return judgement;
      }
    }
    Judgement judgement = tell(MilterEvent.END_OF_HEADERS, new byte[0], macros);
    return judgement instanceof Judgement.Pass ? body(body, macros) : judgement;
  }

  private Judgement body(InputStream body, Function<String, Optional<String>> macros) {
    byte[] chunk = new byte[MilterConnection.CHUNK];
    while (phase == Phase.MESSAGE && !skipped.contains(MilterEvent.BODY)) {
      int length;
      try {
        length = body.readNBytes(chunk, 0, chunk.length);
      } catch (IOException e) {
        // the milter must not take a part for the whole
        return failed(e);
      }
      if (length == 0) {
        break;
      }
      Judgement judgement = tell(MilterEvent.BODY, Arrays.copyOf(chunk, length), macros);
      if (!(judgement instanceof Judgement.Pass)) {
        return judgement;
      }
    }
    return Judgement.PASS;
  }

  private Judgement end(
      Function<String, Optional<String>> macros, MilterConnection.ChangeTaker changes) {
    if (phase != Phase.MESSAGE) {
      // all that it wanted to see of the message, it has seen
      return phase == Phase.DONE ? Judgement.PASS : standing;
    }
    var reasons = new ArrayList<String>();
    Judgement judgement =
        exchange(
            MilterEvent.END_OF_MESSAGE,
            new byte[0],
            macros,
            change -> {
              if (change instanceof Modification.Quarantine(String reason)) {
                reasons.add(reason);
              } else {
                changes.take(change);
              }
            });
    return judgement instanceof Judgement.Pass && !reasons.isEmpty()
        ? new Judgement.Quarantine(
            reasons.getFirst().isBlank() ? "no reason given" : reasons.getFirst())
        : judgement;
  }

  /// The message under way, if any, is not continued.
  public void abort() {
    if (isTold() && link.isOpen()) {
      try {
        link.send(MilterConnection::abort);
        phase = Phase.READY;
      } catch (IOException e) {
        failed(e);
      }
    }
    skipped.clear();
  }

  @Override
  public void close() {
    quit();
    phase = Phase.OVER;
  }

  /// Takes leave of the milter, if there is a connection.
  private void quit() {
    if (link.isOpen()) {
      try {
        link.send(
            open -> {
              if (isTold()) {
                open.abort();
              }
              if (hello != null) {
                open.abort();
              }
              open.close();
            });
      } catch (IOException e) {
        // it was not to be used any more
      }
    }
    link.cut();
    phase = Phase.NEW;
  }

  /// Connects, and tells what is known of the session.
  private Judgement open() {
    standing = Judgement.PASS;
    skipped.clear();
    try {
      link.open();
    } catch (IOException e) {
      return failed(e);
    }
    phase = Phase.READY;
    Told from = client;
    Judgement judgement =
        from == null ? Judgement.PASS : tell(MilterEvent.CONNECT, from.data(), from.macros());
    Told greeted = hello;
    return judgement instanceof Judgement.Pass && greeted != null
        ? tell(MilterEvent.HELO, greeted.data(), greeted.macros())
        : judgement;
  }

  private Judgement tell(
      MilterEvent event, byte[] data, Function<String, Optional<String>> macros) {
    if (phase == Phase.OVER || phase == Phase.FAILED) {
      return standing;
    }
    if (phase == Phase.DONE || skipped.contains(event)) {
      return Judgement.PASS;
    }
    if (MilterLink.isContent(event) && !link.wants(event)) {
      return Judgement.PASS;
    }
    return exchange(event, data, macros, _ -> {});
  }

  private Judgement exchange(
      MilterEvent event,
      byte[] data,
      Function<String, Optional<String>> macros,
      MilterConnection.ChangeTaker changes) {
    try {
      MilterAnswer answer =
          link.exchange(
              event,
              open -> {
                // they stay in effect, and so are sent even of a command that is not
                open.macros(event, names.at(event, open.agreement().macros(), macros));
                return open.tell(event, data);
              },
              changes);
      return judgement(event, answer);
    } catch (IOException e) {
      return failed(e);
    } catch (RuntimeException e) {
      // whatever it was, what comes next on this connection is not the next answer
      failed(new IOException(address + ": a fault of this server", e));
      throw e;
    }
  }

  private Judgement failed(IOException e) {
    link.cut();
    phase = Phase.FAILED;
    standing = new Judgement.NoAnswer(String.valueOf(e.getMessage()), UnreadableMessage.cause(e));
    return standing;
  }

  private Judgement judgement(MilterEvent event, MilterAnswer answer) {
    boolean early = event == MilterEvent.CONNECT || event == MilterEvent.HELO;
    return switch (answer) {
      case MilterAnswer.Continue _, MilterAnswer.Progress _ -> Judgement.PASS;
      case MilterAnswer.ConnectionFailed _ ->
          failed(new IOException(address + ": the milter has lost a connection of its own"));
      case MilterAnswer.Skip _ -> {
        skipped.add(event);
        yield Judgement.PASS;
      }
      case MilterAnswer.Accept _ -> {
        if (early) {
          yield over(Judgement.PASS);
        }
        phase = Phase.DONE;
        yield Judgement.PASS;
      }
      case MilterAnswer.Reject _ -> refused(early, MilterReplies.REJECTED);
      case MilterAnswer.Defer _ -> refused(early, MilterReplies.LATER);
      case MilterAnswer.Refused(Reply reply) when reply.code() == 421 && !early ->
          // the milter hears of the end when the client has
          new Judgement.Disconnect(reply);
      case MilterAnswer.Refused(Reply reply) when reply.code() == 421 ->
          over(new Judgement.Disconnect(reply));
      case MilterAnswer.Refused(Reply reply) -> refused(early, reply);
      case MilterAnswer.Shutdown _ -> over(new Judgement.Disconnect(MilterReplies.CLOSING));
      case MilterAnswer.Discard _ -> {
        // a session cannot be dropped: there is no message yet
        phase = early ? phase : Phase.DONE;
        yield early ? Judgement.PASS : new Judgement.Discard("milter " + address);
      }
      case MilterAnswer.Change _ ->
          throw new IllegalStateException("a change is not an answer: " + answer);
    };
  }

  /// Whether it has been told of a message.
  private boolean isTold() {
    return phase == Phase.MESSAGE || phase == Phase.DONE;
  }

  private Judgement refused(boolean early, Reply reply) {
    var judgement = new Judgement.Refuse(reply);
    return early ? over(judgement) : judgement;
  }

  private Judgement over(Judgement judgement) {
    link.cut();
    phase = Phase.OVER;
    standing = judgement;
    return judgement;
  }
}
