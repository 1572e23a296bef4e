def tagged: "\(.name)/\(.team)";
