-- Lists that people have left themselves: nothing but their own word puts them back.
SET LOCAL search_path = campaignhub;

CREATE TABLE lists_left (
    tenant_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    list_id uuid NOT NULL,
    left_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, recipient_id, list_id),
    FOREIGN KEY (tenant_id, recipient_id) REFERENCES recipients ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, list_id) REFERENCES lists ON DELETE CASCADE
);
CREATE INDEX lists_left_by_list ON lists_left (tenant_id, list_id);
SELECT guard_tenant_table('lists_left');

-- Rows of people who had left the import's list, and stayed off it.
ALTER TABLE imports ADD COLUMN left_list bigint NOT NULL DEFAULT 0;
