package org.caravanmta.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The rules of settings, found in the constructors of their records as the compiler left them: a
/// text that is a key of the section, or begins with one, is what a rule of that key says, and any
/// other text of several words is what a rule of the whole section says. What is called within our
/// own packages is looked at too, to a depth, for texts that begin with a key.
///
/// A rule whose key is nowhere written out is not found.
final class SettingsRules {
  private static final int DEPTH = 2;

  private final Notation notation;

  /// The keys that have rules, `smtp.size-limit`.
  final Set<String> ofKeys = new TreeSet<>();

  /// How messages about whole sections begin.
  final Set<String> ofSections = new TreeSet<>();

  SettingsRules(Class<? extends Record> settings, Notation notation) {
    this.notation = notation;
    section(settings, "");
  }

  private void section(Class<?> type, String path) {
    var keys = new HashSet<String>();
    var parts = new HashSet<Class<?>>();
    gather(type, path, keys, parts);
    for (Class<?> part : parts) {
      ClassModel model = model(part.getName().replace('.', '/'));
      model.methods().stream()
          .filter(method -> method.methodName().equalsString("<init>"))
          .forEach(method -> scan(model, method, path, keys, 0, new HashSet<>()));
    }
  }

  /// The keys of a section, and the records that it is made of.
  private void gather(Class<?> type, String path, Set<String> keys, Set<Class<?>> parts) {
    parts.add(type);
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Flat.class)) {
        gather(component.getType(), path, keys, parts);
        continue;
      }
      if (Binder.isKey(component)) {
        keys.add(Binder.key(component));
      }
      if (notation.isSection(component.getType())) {
        section(component.getType(), path + Binder.key(component) + ".");
      }
    }
  }

  private void scan(
      ClassModel in,
      MethodModel method,
      String path,
      Set<String> keys,
      int depth,
      Set<String> was) {
    String name = in.thisClass().asInternalName() + "." + method.methodName() + method.methodType();
    if (depth > DEPTH || !was.add(name)) {
      return;
    }
    for (CodeElement element : method.code().orElseThrow()) {
      switch (element) {
        case ConstantInstruction constant -> said(constant.constantValue(), path, keys, depth);
        case InvokeInstruction call ->
            follow(
                call.owner().asInternalName(),
                call.name().stringValue(),
                call.type().stringValue(),
                path,
                keys,
                depth,
                was);
        case InvokeDynamicInstruction call -> {
          for (ConstantDesc argument : call.bootstrapArgs()) {
            if (argument instanceof DirectMethodHandleDesc handle) {
              String owner = handle.owner().descriptorString();
              follow(
                  owner.substring(1, owner.length() - 1),
                  handle.methodName(),
                  handle.lookupDescriptor(),
                  path,
                  keys,
                  depth,
                  was);
            } else {
              said(argument, path, keys, depth);
            }
          }
        }
        default -> {}
      }
    }
  }

  private void follow(
      String owner,
      String method,
      String type,
      String path,
      Set<String> keys,
      int depth,
      Set<String> was) {
    if (!owner.startsWith("org/caravanmta/") || owner.equals("org/caravanmta/config/Require")) {
      return;
    }
    ClassModel model = model(owner);
    boolean lambda = method.startsWith("lambda$new$");
    model.methods().stream()
        .filter(each -> each.methodName().equalsString(method))
        .filter(each -> each.methodType().equalsString(type))
        .forEach(each -> scan(model, each, path, keys, lambda ? depth : depth + 1, was));
  }

  private void said(ConstantDesc constant, String path, Set<String> keys, int depth) {
    if (!(constant instanceof String text)) {
      return;
    }
    String first = text.split(" ", 2)[0];
    boolean message = text.contains(" ");
    if (keys.contains(first) && (message || depth == 0)) {
      ofKeys.add(path + first);
    } else if (depth == 0 && message && Character.isLetter(text.charAt(0))) {
      ofSections.add(Stream.of(text.split("\u0001", 2)).findFirst().orElseThrow());
    }
  }

  private static ClassModel model(String internalName) {
    try (InputStream in = SettingsRules.class.getResourceAsStream("/" + internalName + ".class")) {
      return ClassFile.of()
          .parse(Optional.ofNullable(in).orElseThrow(IOException::new).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(internalName, e);
    }
  }
}
