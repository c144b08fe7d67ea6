package org.caravanmta.delivery.program;

import java.util.List;
import org.caravanmta.config.Require;

/// The key `delivery.programs`: the operator's programs that are transports, each a line that
/// {@link PipeProgram} reads.
public record ProgramSettings(List<String> programs) {
  public ProgramSettings {
    programs = List.copyOf(programs);
    Require.named("programs", programs, line -> PipeProgram.parse(line).name());
  }
}
