package io.agentweave.pipeline.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database did not do what it was asked; nothing of the transaction happened. */
public sealed class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private DatabaseException(String message, SQLException cause) {
    super(message, cause);
  }

  /** It can't be reached, or can't work at the moment: the same may succeed later. */
  public static final class Unavailable extends DatabaseException {
    private static final long serialVersionUID = 1L;

    private Unavailable(SQLException cause) {
      super("PostgreSQL is not available: " + word(cause), cause);
    }
  }

  /** It does not take these values: the same never succeeds. */
  public static final class Unfit extends DatabaseException {
    private static final long serialVersionUID = 1L;

    private Unfit(SQLException cause) {
      super("PostgreSQL does not take these values: " + word(cause), cause);
    }
  }

  /** Judges by the SQLSTATE class (PostgreSQL documentation, appendix A). */
  static DatabaseException of(SQLException cause) {
    String state = cause.getSQLState();
    boolean values =
        state != null
            && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    return values ? new Unfit(cause) : new Unavailable(cause);
  }

  /** The SQLSTATE: the message of the server may quote values. */
  private static String word(SQLException cause) {
    @Nullable String state = cause.getSQLState();
    return state == null ? cause.getClass().getSimpleName() : "SQLSTATE " + state;
  }
}
