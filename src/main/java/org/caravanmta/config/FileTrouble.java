package org.caravanmta.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Why a file that a setting names cannot be used, in the operator's words and without its name.
public final class FileTrouble {
  private FileTrouble() {}

  /// `there is no such file`, and the like.
  public static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it may not be read by the user that Caravan runs as";
      case CharacterCodingException _ -> "it is not in UTF-8";
      default -> "it cannot be read: " + failure.getMessage();
    };
  }
}
