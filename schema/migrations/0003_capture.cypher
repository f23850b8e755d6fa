CREATE INDEX error_declaration_of IF NOT EXISTS FOR (d:ErrorDeclaration) ON (d.of);
CREATE INDEX capture_job_created IF NOT EXISTS FOR (j:CaptureJob) ON (j.createdAt);
