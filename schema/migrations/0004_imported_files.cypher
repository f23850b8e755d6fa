CREATE CONSTRAINT imported_file_id_unique IF NOT EXISTS FOR (i:ImportedFile) REQUIRE i.id IS UNIQUE;
