package org.caravanmta.filter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// `milter/protocol.txt` names all that the protocol has, and a test of each.
class MilterProtocolTest {
  @Test
  void allOfItHasATest() throws Exception {
    var there = new TreeSet<String>();
    constants(there, "command", MilterCommand.values());
    constants(there, "ability", Ability.values());
    constants(there, "option", Waiver.values());
    records(there, "answer", MilterAnswer.class);
    records(there, "change", Modification.class);
    Map<String, String> table = table();
    assertThat(table.keySet()).isEqualTo(there);
    for (String test : table.values()) {
      assertThat(isTest(test)).as(test).isTrue();
    }
  }

  private static void constants(TreeSet<String> there, String kind, Enum<?>[] all) {
    Arrays.stream(all).forEach(each -> there.add(kind + " " + each.name()));
  }

  private static void records(TreeSet<String> there, String kind, Class<?> all) {
    for (Class<?> each : all.getPermittedSubclasses()) {
      there.add(kind + " " + each.getSimpleName());
    }
  }

  private static Map<String, String> table() throws Exception {
    var table = new TreeMap<String, String>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/milter/protocol.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        List<String> words = List.of(line.split(" +"));
        assertThat(words).as(line).hasSize(3);
        assertThat(table.put(words.get(0) + " " + words.get(1), words.get(2))).as(line).isNull();
      }
    }
    return table;
  }

  private static boolean isTest(String name) throws ClassNotFoundException {
    String[] parts = name.split("\\.");
    Class<?> tests = Class.forName(MilterProtocolTest.class.getPackageName() + "." + parts[0]);
    return Arrays.stream(tests.getDeclaredMethods())
        .filter(method -> method.getName().equals(parts[1]))
        .anyMatch(MilterProtocolTest::isRun);
  }

  private static boolean isRun(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
