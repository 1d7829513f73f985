SELECT id::text, name, coalesce(email, '') AS email, CASE WHEN active THEN 'yes' ELSE 'no' END AS active,
       array_to_string(roles, ', ') AS roles, array_to_string(slack, ', ') AS slack,
       tokens::text
  FROM people.list()
