package org.caravanmta.delivery.program;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.account.SystemUser;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `delivery.pipe`: the operator's programs as transports.
public final class ProgramStage implements Stage {
  private final Map<String, PipeProgram> programs = new LinkedHashMap<>();
  private final PipeDelivery delivery;

  /// @param commands how programs are run
  /// @param root whether the server runs as root
  public ProgramStage(ProgramSettings own, CommandSettings commands, boolean root, House house) {
    own.programs().stream()
        .map(PipeProgram::parse)
        .forEach(program -> programs.put(program.name(), program));
    this.delivery =
        new PipeDelivery(
            programs,
            Programs.ofTransports(commands),
            root,
            house.local().extensions(),
            house.store()::read,
            house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("pipeDelivery", delivery);
  }

  /// The transports that are programs, by name.
  public Map<String, PipeProgram> programs() {
    return programs;
  }

  /// The user that the program of a next hop runs as, when it is one of these.
  ///
  /// @param nextHop `TRANSPORT:NEXTHOP`
  public OptionalInt user(Optional<String> nextHop) {
    Optional<PipeProgram> program =
        nextHop.flatMap(hop -> Optional.ofNullable(programs.get(hop.split(":", 2)[0].strip())));
    try {
      Optional<SystemUser> user =
          program.isPresent() ? SystemUser.named(program.get().user()) : Optional.empty();
      return user.map(one -> OptionalInt.of(one.user())).orElse(OptionalInt.empty());
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }
}
