-- $1 slug of the category that ends  $2 of the one that has its articles and addresses from now on
SELECT merge_category($1, $2)
