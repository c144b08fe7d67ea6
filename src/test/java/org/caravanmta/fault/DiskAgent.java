package org.caravanmta.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.function.Consumer;

/// Has the classes of the virtual machine that call the operating system for a file ask the {@link
/// Disk} first. What a program does with files goes through them, whatever its own classes are.
public final class DiskAgent implements ClassFileTransformer {
  private static final ClassDesc DISK = ClassDesc.of("org.caravanmta.fault.Disk");
  private static final ClassDesc CHANNEL = ClassDesc.of("sun.nio.ch.FileChannelImpl");
  private static final MethodTypeDesc PASS =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_Object);
  private static final MethodTypeDesc PASS_OPEN =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
  private static final MethodTypeDesc PASS_WRITE =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          of(FileChannel.class),
          of(ByteBuffer.class),
          ConstantDescs.CD_long,
          ConstantDescs.CD_String);
  private static final MethodTypeDesc FAILS =
      MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_String, ConstantDescs.CD_Object);

  /// What is asked before each method of a class, by the name of the method and its parameters.
  private static final Map<String, Map<String, Consumer<CodeBuilder>>> ASKED =
      Map.of(
          "sun/nio/ch/FileChannelImpl",
          Map.of(
              "write(Ljava/nio/ByteBuffer;)I", code -> write(code.aload(0).aload(1).ldc(-1L)),
              "write(Ljava/nio/ByteBuffer;J)I", code -> write(code.aload(0).aload(1).lload(2)),
              "write([Ljava/nio/ByteBuffer;II)J", channel("write"),
              "read(Ljava/nio/ByteBuffer;)I", channel("read"),
              "read(Ljava/nio/ByteBuffer;J)I", channel("read"),
              "force(Z)V", channel("force"),
              "truncate(J)Ljava/nio/channels/FileChannel;", channel("truncate")),
          "java/io/RandomAccessFile",
          Map.of(
              "open(Ljava/lang/String;I)V",
              code -> code.aload(1).invokestatic(DISK, "passOpen", PASS_OPEN),
              "writeBytes([BII)V",
              code ->
                  code.ldc("write")
                      .aload(0)
                      .getfield(of(RandomAccessFile.class), "path", ConstantDescs.CD_String)
                      .invokestatic(DISK, "pass", PASS)),
          "java/io/UnixFileSystem",
          Map.of(
              "rename(Ljava/io/File;Ljava/io/File;)Z",
              code ->
                  code.ldc("rename")
                      .aload(2)
                      .invokestatic(DISK, "fails", FAILS)
                      .ifThen(failed -> failed.iconst_0().ireturn())),
          "sun/nio/fs/UnixFileSystemProvider",
          Map.of(
              "newFileChannel(Ljava/nio/file/Path;Ljava/util/Set;[Ljava/nio/file/attribute/FileAttribute;)Ljava/nio/channels/FileChannel;",
              path("open", 1),
              "newByteChannel(Ljava/nio/file/Path;Ljava/util/Set;[Ljava/nio/file/attribute/FileAttribute;)Ljava/nio/channels/SeekableByteChannel;",
              path("open", 1),
              "move(Ljava/nio/file/Path;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)V",
              path("rename", 2),
              "createLink(Ljava/nio/file/Path;Ljava/nio/file/Path;)V",
              path("link", 1),
              "createDirectory(Ljava/nio/file/Path;[Ljava/nio/file/attribute/FileAttribute;)V",
              path("mkdir", 1),
              "implDelete(Ljava/nio/file/Path;Z)Z",
              path("unlink", 1)));

  private DiskAgent() {}

  public static void premain(String arguments, Instrumentation machine) throws Exception {
    // loaded before they are changed: what changes them needs some of them
    Class<?>[] changed = {
      Class.forName("sun.nio.ch.FileChannelImpl"),
      Class.forName("java.io.RandomAccessFile"),
      Class.forName("java.io.UnixFileSystem"),
      Class.forName("sun.nio.fs.UnixFileSystemProvider")
    };
    machine.addTransformer(new DiskAgent(), true);
    machine.retransformClasses(changed);
    if (Disk.class.getClassLoader() != null) {
      throw new IllegalStateException("the virtual machine's own classes cannot see " + Disk.class);
    }
    var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments));
    Thread.ofPlatform().daemon().name("disk").start(() -> obey(socket));
  }

  /// Does what a {@link FaultyDisk} says.
  private static void obey(Socket socket) {
    try (socket;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        var out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split("\t", -1);
        switch (words[0]) {
          case "fail" -> {
            Disk.fail(words[1], Integer.parseInt(words[2]), Disk.Way.valueOf(words[3]));
            out.println();
          }
          case "count" -> out.println(Disk.count());
          case "failed" -> out.println(Disk.hasFailed());
          default -> out.println(Disk.mend());
        }
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> now, ProtectionDomain domain, byte[] bytes) {
    Map<String, Consumer<CodeBuilder>> asked = ASKED.get(name);
    if (asked == null) {
      return null;
    }
    try {
      return asking(asked, bytes);
    } catch (RuntimeException | Error e) {
      // the virtual machine says nothing of it
      e.printStackTrace();
      throw e;
    }
  }

  private static byte[] asking(Map<String, Consumer<CodeBuilder>> asked, byte[] bytes) {
    ClassTransform all = ClassTransform.ACCEPT_ALL;
    for (var one : asked.entrySet()) {
      all =
          all.andThen(
              ClassTransform.transformingMethodBodies(
                  method -> signature(method).equals(one.getKey()), new Before(one.getValue())));
    }
    var file = ClassFile.of();
    return file.transformClass(file.parse(bytes), all);
  }

  private static String signature(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }

  private record Before(Consumer<CodeBuilder> first) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      first.accept(code);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }

  private static void write(CodeBuilder code) {
    code.aload(0)
        .getfield(CHANNEL, "path", ConstantDescs.CD_String)
        .invokestatic(DISK, "passWrite", PASS_WRITE);
  }

  private static Consumer<CodeBuilder> channel(String what) {
    return code ->
        code.ldc(what)
            .aload(0)
            .getfield(CHANNEL, "path", ConstantDescs.CD_String)
            .invokestatic(DISK, "pass", PASS);
  }

  private static Consumer<CodeBuilder> path(String what, int variable) {
    return code -> code.ldc(what).aload(variable).invokestatic(DISK, "pass", PASS);
  }

  private static ClassDesc of(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
