DROP TABLE rule_staged, rule_import_files, rule_imports, rule_exceptions, rule_value_lists, rule_readings, rule_overrides, rule_choices,
  rule_canaries, rule_versions, rules, rule_pack_versions, rule_packs;
DROP FUNCTION rules_of_others_stay();
DROP FUNCTION is_readable_rule(uuid);
