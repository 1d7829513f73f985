-- The last stop that a resume saw: one that commits later, under whatever id, stays in force.
ALTER TABLE saga.control ADD COLUMN lifts bigint;
