-- $1 kind  $2 name  $3 name from now on; where it has articles already, the two become one
SELECT rename_selection($1, $2, $3)
