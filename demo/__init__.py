"""The invented hot-spring town 灯ノ沢温泉: its shops, people and year, and the page that shows all three screens. Demo mode only."""
