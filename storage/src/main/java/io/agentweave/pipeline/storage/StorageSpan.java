package io.agentweave.pipeline.storage;

import io.agentweave.telemetry.SpanName;

/** The spans of the storage agent. */
enum StorageSpan implements SpanName {
  DATABASE_WRITE("database_write", "events and outbox written in one transaction"),
  WAREHOUSE_WRITE("warehouse_write", "Parquet files written for a batch from the outbox"),
  SEARCH_INDEX("search_index", "full text of a batch from the outbox indexed"),
  ANALYTICS_TRIGGER("analytics_trigger", "a batch from the outbox counted, listeners told");

  private final String spanName;
  private final String meaning;

  StorageSpan(String spanName, String meaning) {
    this.spanName = spanName;
    this.meaning = meaning;
  }

  @Override
  public String spanName() {
    return spanName;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
