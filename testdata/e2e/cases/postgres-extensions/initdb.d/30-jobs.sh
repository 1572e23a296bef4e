psql --no-psqlrc -q -U postgres -d shop -c "SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT partman.run_maintenance()')" -o /dev/null
