package org.caravanmta.delivery.program;

import java.util.HashSet;
import java.util.List;

/// The key `delivery.programs`: the operator's programs that are transports, each a line that
/// {@link PipeProgram} reads.
public record ProgramSettings(List<String> programs) {
  public ProgramSettings {
    programs = List.copyOf(programs);
    var names = new HashSet<String>();
    for (String program : programs) {
      try {
        if (!names.add(PipeProgram.parse(program).name())) {
          throw new IllegalArgumentException("each name only once");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("programs must have " + e.getMessage(), e);
      }
    }
  }
}
