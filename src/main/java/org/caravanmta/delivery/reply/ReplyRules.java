package org.caravanmta.delivery.reply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.message.Reason;
import org.caravanmta.table.PatternLine;

/// The rules of the operator for replies, in their order: the first that matches counts, whatever
/// else does.
public final class ReplyRules {
  private static final String KEY = "delivery.scheduling.replies";

  /// Without any rule.
  public static final ReplyRules NONE = new ReplyRules(List.of());

  private final List<ReplyRule> rules;

  private ReplyRules(List<ReplyRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// Reads the files of the settings.
  ///
  /// @param pools the names of the pools of addresses that mail may leave from
  /// @throws WrongSetting says which file and line is wrong, and what was expected
  public static ReplyRules open(ReplySettings own, List<String> pools) {
    var reader = new ReplyRuleReader(pools);
    var rules = new ArrayList<ReplyRule>();
    var wrong = new ArrayList<String>();
    for (Path file : own.replies()) {
      try {
        rules.addAll(PatternLine.read(file, reader::read));
      } catch (IOException e) {
        wrong.add(file + ": " + FileTrouble.of(e));
      } catch (IllegalArgumentException e) {
        wrong.add(String.valueOf(e.getMessage()));
      }
    }
    if (!wrong.isEmpty()) {
      String all = String.join("; ", wrong);
      throw new WrongSetting(KEY, all, new IllegalArgumentException(all));
    }
    return new ReplyRules(rules);
  }

  /// The rule for a refusal; absent if there is none, or the refusal is not a server's.
  ///
  /// @param nextHop in small letters
  /// @param server its name in the DNS
  public Optional<ReplyRule> on(Reason refusal, String nextHop, String server) {
    if (rules.isEmpty() || refusal.reply().isEmpty()) {
      return Optional.empty();
    }
    String reply = refusal.reply().get();
    return rules.stream().filter(rule -> rule.matches(nextHop, server, reply)).findFirst();
  }
}
