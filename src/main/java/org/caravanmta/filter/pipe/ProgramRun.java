package org.caravanmta.filter.pipe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RemadeMessage;
import org.caravanmta.filter.contract.WireInput;

/// One run of a filter program over one message. The message goes in, what is printed comes out,
/// and what is said of it is kept, all at the same time; the caller waits, but not for ever.
final class ProgramRun {
  /// Processes that a program has left running may keep its input and output open for ever; that
  /// long they are waited for.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final FilterProgram program;
  private final Examined message;
  private final ChildProgram child;
  private final boolean binary;
  private final ProgramInput input;
  private final ProgramErrors errors;

  /// Whether it was ended by us, so that the end of what it prints is not an end.
  private volatile boolean ended;

  /// @param child has just been started
  ProgramRun(FilterProgram program, Examined message, ChildProgram child) {
    this.program = program;
    this.message = message;
    this.child = child;
    this.binary = message.mail().envelope().parameters().binary();
    this.errors = new ProgramErrors(child.errors());
    this.input = new ProgramInput(child, this::given);
  }

  /// Waits for what it says.
  FilterAnswer answer() throws InterruptedException {
    var answer = CompletableFuture.supplyAsync(this::read, task -> Thread.ofVirtual().start(task));
    try {
      Optional<FilterAnswer> failed = waited();
      if (failed.isPresent()) {
        end(answer);
      }
      return failed.isPresent() ? failed.get() : answer.join();
    } catch (InterruptedException e) {
      end(answer);
      throw e;
    }
  }

  /// Waits until all has been printed.
  ///
  /// @return why it was ended before; absent if it was not
  private Optional<FilterAnswer> waited() throws InterruptedException {
    if (!child.ends(program.timeLimit())) {
      return Optional.of(none("did not end within " + program.timeLimit().toMillis() + " ms"));
    }
    return child.closes(LAST_WORDS)
        ? Optional.empty()
        : Optional.of(none("left a process that keeps its output open"));
  }

  /// When this returns, nothing of a new body is kept.
  private void end(CompletableFuture<FilterAnswer> answer) {
    ended = true;
    child.kill();
    answer.exceptionally(e -> none(e.toString())).join();
  }

  private InputStream given() throws IOException {
    return binary ? message.whole() : new UnixLines(message.whole());
  }

  private FilterAnswer read() {
    try (InputStream given = given()) {
      var output = new ProgramOutput(child.output(), given, program.mostOutput(), this::settled);
      var in = new WireInput(binary ? output : new WireLines(output));
      return new FilterAnswer(Judgement.PASS, RemadeMessage.read(in, message, Long.MAX_VALUE), "");
    } catch (ProgramOutput.Settled e) {
      return e.answer();
    } catch (EOFException e) {
      child.kill();
      return none("printed no empty line after a header section");
    } catch (IOException e) {
      child.kill();
      return none(String.valueOf(e.getMessage()));
    }
  }

  private Optional<FilterAnswer> settled(boolean nothing, boolean same) throws IOException {
    if (ended) {
      throw new IOException("was ended");
    }
    int status = child.status();
    Optional<IOException> broken = input.broken();
    if (broken.isPresent()) {
      return Optional.of(none("message cannot be read: " + broken.get().getMessage()));
    }
    if (status != 0) {
      return Optional.of(ExitMeaning.of(program.name(), status, errors.line(LAST_WORDS)));
    }
    if (nothing && !input.whole(LAST_WORDS)) {
      return Optional.of(none("ended before it had read the message"));
    }
    return nothing || same ? Optional.of(FilterAnswer.of(Judgement.PASS)) : Optional.empty();
  }

  private FilterAnswer none(String why) {
    return FilterAnswer.of(new Judgement.NoAnswer(program.name() + ": " + why));
  }
}
