ann:$1$saltsalt$9xy1btjgzLYfb7hivXtC//:Ann:ann@example.org:admin,user
bob:$1$saltsalt$d7LNQ2MbR/sz/hgJ/B94y/:Bob:bob@example.org:user
