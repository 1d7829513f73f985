SELECT ingest.lock_people()
