require ["fileinto", "mailbox"];
if header :contains "Subject" "invoice" { fileinto :create "Money"; }
