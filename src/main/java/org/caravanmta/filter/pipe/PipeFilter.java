package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.account.RunningAs;
import org.caravanmta.account.SystemUser;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.smtp.Reply;

/// Gives each message to a program of the operator, which says by its exit status and by what it
/// prints what becomes of it.
public final class PipeFilter implements MessageFilter {
  private final FilterProgram program;
  private final boolean root;

  /// @param root whether the server runs as root, which it must to run programs as other users
  public PipeFilter(FilterProgram program, boolean root) {
    this.program = program;
    this.root = root;
  }

  @Override
  public FilterAnswer examine(Examined message) {
    Headway headway = Headway.current();
    if (headway.isCut()) {
      return none("the attempt was ended before it was run");
    }
    headway.with(program::name);
    try {
      List<String> words = ProgramWords.of(program, message.mail());
      Path path = Path.of(words.getFirst());
      if (!Files.isExecutable(path)) {
        return none(path + " is not a program that can be run");
      }
      Optional<SystemUser> as = user();
      return headway.await(Step.PROGRAM, program.timeLimit(), () -> run(words, as, message));
    } catch (ProgramWords.Unsafe e) {
      return FilterAnswer.of(
          new Judgement.Refuse(Reply.of(554, "5.1.3", String.valueOf(e.getMessage()))));
    } catch (IOException e) {
      return none(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      if (!headway.isCut()) {
        Thread.currentThread().interrupt();
      }
      return none("interrupted");
    }
  }

  private FilterAnswer run(List<String> words, Optional<SystemUser> as, Examined message)
      throws InterruptedException {
    try (ChildProgram child =
        ChildProgram.start(
            words, as, program.group(), program.directory(), program.environment())) {
      return new ProgramRun(program, message, child).answer();
    } catch (IOException e) {
      return none("cannot be run: " + e.getMessage());
    }
  }

  private Optional<SystemUser> user() throws IOException {
    String name = program.user();
    if (!root) {
      if (!name.equals(RunningAs.name())) {
        throw new IOException("only root can run it as " + name);
      }
      return Optional.empty();
    }
    SystemUser user =
        SystemUser.named(name).orElseThrow(() -> new IOException("there is no user " + name));
    if (user.superuser()) {
      throw new IOException(name + " is root");
    }
    return Optional.of(user);
  }

  private FilterAnswer none(String why) {
    return FilterAnswer.of(new Judgement.NoAnswer(program.name() + ": " + why));
  }
}
